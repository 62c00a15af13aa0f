import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP'];
/** Signals closer together than this are one wish. */
const echoMs = 1000;

/**
 * Runs a program with our standard streams and gives its exit code (128 + signal number if a signal ended it).
 *
 * The child gets its own process group: a Ctrl-C in the terminal reaches us, often twice (from the terminal and from npm), and
 * goes on to the child exactly once; then we wait for it to finish. The message channel tells the child when we are killed
 * without a chance to forward anything, so that it can stop what it started.
 */
export function runToEnd(program, args) {
  const child = spawn(program, args, {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    detached: process.platform !== 'win32',
  });
  let toldAt = 0;
  for (const signal of forwarded) {
    process.on(signal, () => {
      if (Date.now() - toldAt < echoMs) return;
      toldAt = Date.now();
      child.kill(signal);
    });
  }
  whenOrphaned(() => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signalNumbers[signal] ?? 0)));
  });
}

const signalNumbers = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGABRT: 6, SIGKILL: 9, SIGSEGV: 11, SIGTERM: 15 };

/** npm that is killed tells nobody; its scripts have to notice that it is gone (on Linux, where they can). */
function whenOrphaned(act) {
  const npm = npmAbove();
  if (npm === undefined) return;
  const timer = setInterval(() => {
    if (existsSync(`/proc/${npm}`)) return;
    clearInterval(timer);
    act();
  }, 1000);
  timer.unref();
}

/** The npm that runs us: our parent, or our parent's if there is a shell in between. */
function npmAbove() {
  const parent = process.ppid;
  const grandparent = Number(/^PPid:\s*(\d+)/m.exec(read(`/proc/${parent}/status`))?.[1]);
  return [parent, grandparent].find((pid) => read(`/proc/${pid}/comm`).startsWith('npm'));
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
