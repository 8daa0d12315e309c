// Runs the built executable again and again in one process, so that a test does not pay for the start of Node and for cold code each time.
//   node cli-host.js REQUESTS ANSWERS     two named pipes: a line of JSON each
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { Readable, Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';

const [requests, answers] = process.argv.slice(2).map((path, place) => openSync(path, place === 0 ? 'r' : 'w'));

/** One run lasts no longer than this, in milliseconds; an endless loop is ended from beside it. */
const PATIENCE = 60_000;
const began = new Float64Array(new SharedArrayBuffer(8));
new Worker(
  `const { workerData: { began, pid, patience } } = require('node:worker_threads');
setInterval(() => { if (began[0] > 0 && Date.now() - began[0] > patience) process.kill(pid, 'SIGKILL'); }, 1000);`,
  { eval: true, workerData: { began, pid: process.pid, patience: PATIENCE } },
).unref();

/** The next request, or nothing when nobody will ask again. */
function next() {
  const pieces = [];
  const buffer = Buffer.alloc(1 << 16);
  for (;;) {
    const count = readSync(requests, buffer);
    if (count === 0) return undefined;
    pieces.push(Buffer.from(buffer.subarray(0, count)));
    if (buffer[count - 1] === 10) return JSON.parse(Buffer.concat(pieces).toString());
  }
}

/** A stream that keeps what is written to it. */
function kept() {
  const pieces = [];
  const stream = new Writable({
    write(piece, _encoding, done) {
      pieces.push(Buffer.from(piece));
      done();
    },
  });
  return { stream, text: () => Buffer.concat(pieces).toString() };
}

const replace = (name, value) => Object.defineProperty(process, name, { value, configurable: true, writable: true });

for (let run = 1, request = next(); request !== undefined; run += 1, request = next()) {
  const { executable, args, input, cwd, env } = request;
  const [stdout, stderr] = [kept(), kept()];
  process.chdir(cwd);
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, env);
  process.argv = [process.execPath, executable, ...args];
  process.exitCode = 0;
  replace('stdin', Readable.from(input === '' ? [] : [Buffer.from(input, 'base64')]));
  replace('stdout', stdout.stream);
  replace('stderr', stderr.stream);
  began[0] = Date.now();
  await import(`${pathToFileURL(executable).href}?run=${run}`);
  began[0] = 0;
  writeSync(answers, `${JSON.stringify({ status: process.exitCode, stdout: stdout.text(), stderr: stderr.text() })}\n`);
}
closeSync(answers);
