// edge.ts - the Edge guest ABI 1 for AssemblyScript. The contract is guests/ABI.md; the numbers in brackets are its sections.
//
//     import { emit } from "./edge";
//     export { edge_alloc, edge_abi } from "./edge";
//     export function edge_handle(topic: usize, topicLen: i32, payload: usize, payloadLen: i32, timeUs: i64): i32 {
//       return emit(0, payload, payloadLen, 0);
//     }

// Error codes [7]; a module's own are Own and below.
export const Invalid = -1, Denied = -2, NotFound = -3, Limit = -4, IO = -5, Timeout = -6, Unsupported = -7, State = -8, Own = -100;

// Imports [6]: each but emit needs its grant; what is not used is not imported.
// @ts-ignore: decorator
@external("edge", "emit") export declare function emit(port: i32, bytes: usize, len: i32, timeUs: i64): i32;
// @ts-ignore: decorator
@external("edge", "log") export declare function logBytes(level: i32, text: usize, len: i32): i32;
// @ts-ignore: decorator
@external("edge", "publish") export declare function publishBytes(topic: usize, topicLen: i32, payload: usize, len: i32, flags: i32): i32;
// @ts-ignore: decorator
@external("edge", "kv_get") export declare function kvGet(key: usize, keyLen: i32, buf: usize, cap: i32): i32;
// @ts-ignore: decorator
@external("edge", "kv_put") export declare function kvPut(key: usize, keyLen: i32, val: usize, valLen: i32): i32;
// @ts-ignore: decorator
@external("edge", "metric") export declare function metricBytes(name: usize, len: i32, value: f64): i32;
// @ts-ignore: decorator
@external("edge", "gpio_read") export declare function gpioRead(line: i32): i32;
// @ts-ignore: decorator
@external("edge", "gpio_write") export declare function gpioWrite(line: i32, value: i32): i32;
// @ts-ignore: decorator
@external("edge", "http_fetch") export declare function httpFetch(request: usize, len: i32, buf: usize, cap: i32): i32;

/** Bytes of the host as text. */
export function text(bytes: usize, len: i32): string {
  return String.UTF8.decodeUnsafe(bytes, len);
}

/** Sends text to a port, with the input's time. */
export function emitText(port: i32, value: string): i32 {
  const bytes = String.UTF8.encode(value);
  return emit(port, changetype<usize>(bytes), bytes.byteLength, 0);
}

/** Writes a line to the node's log: 0 trace to 4 error. */
export function log(level: i32, line: string): i32 {
  const bytes = String.UTF8.encode(line);
  return logBytes(level, changetype<usize>(bytes), bytes.byteLength);
}

/** Publishes text when the call succeeds; flags: QoS 0 to 2, and 4 for retain. */
export function publish(topic: string, payload: string, flags: i32): i32 {
  const name = String.UTF8.encode(topic), bytes = String.UTF8.encode(payload);
  return publishBytes(changetype<usize>(name), name.byteLength, changetype<usize>(bytes), bytes.byteLength, flags);
}

/** Sets a number that the node shows. */
export function metric(name: string, value: f64): i32 {
  const bytes = String.UTF8.encode(name);
  return metricBytes(changetype<usize>(bytes), bytes.byteLength, value);
}

/** The version of the ABI [11]. */
export function edge_abi(): i32 {
  return 1;
}

/** The host's buffers [5]: outside the garbage collector's hands, for good, 16-aligned. */
export function edge_alloc(size: i32): usize {
  return size > 0 && size <= 1 << 24 ? heap.alloc(size) : 0;
}
