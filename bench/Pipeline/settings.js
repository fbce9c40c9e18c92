// Node-RED as small and as quiet as it gets, on loopback.
module.exports = {
  uiHost: "127.0.0.1", uiPort: Number(process.env.BENCH_UI_PORT), flowFile: "flow.json", httpAdminRoot: false, httpNodeRoot: false,
  logging: {console: {level: "warn"}}, editorTheme: {projects: {enabled: false}}, diagnostics: {enabled: false},
  runtimeState: {enabled: false}, telemetry: {enabled: false},
};
