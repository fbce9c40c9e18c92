// 32 taps over 10 000 samples in JavaScript: the for loop that one would write. Prints "fir us" and a checksum.
const TAPS = 32, SAMPLES = 10000, ROUNDS = 300;
const taps = [], input = [];
for (let t = 0; t < TAPS; t++) taps.push(1 / (t + 1));
for (let i = 0; i < TAPS - 1; i++) input.push(0);
for (let i = 0; i < SAMPLES; i++) input.push(((i * 37) % 101) / 101);

function filter(input, taps) {
  const out = [];
  for (let i = 0; i + TAPS <= input.length; i++) {
    let sum = 0;
    for (let t = 0; t < TAPS; t++) sum += taps[t] * input[i + TAPS - 1 - t];
    out.push(sum);
  }
  return out;
}

const times = [];
let out;
for (let r = 0; r < ROUNDS; r++) {
  const start = process.hrtime.bigint();
  out = filter(input, taps);
  times.push(Number(process.hrtime.bigint() - start) / 1000);
}
times.sort((a, b) => a - b);
console.log(`fir ${times[ROUNDS >> 1].toFixed(2)}\nchecksum ${out.reduce((a, b) => a + b, 0).toFixed(3)}`);
