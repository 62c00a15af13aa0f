import { expect, test } from '@jest/globals';
import { adviceFor, installMissing } from './install.ts';

test('on Debian the advice is the very command, with sudo for those who need it', () => {
  const root = adviceFor(['redis', 'postgres'], { apt: true, brew: false, root: true });
  expect(root).toContain('\n    apt-get install -y --no-install-recommends redis-server postgresql\n');
  expect(adviceFor(['java'], { apt: true, brew: false, root: false })).toContain('    sudo apt-get install');
});

test('elsewhere it names Homebrew or what to look for', () => {
  expect(adviceFor(['java', 'maven'], { apt: false, brew: true, root: false })).toContain(
    'brew install openjdk@17 maven',
  );
  expect(adviceFor(['java'], { apt: false, brew: false, root: false })).toContain('install Java 17+');
});

test('nothing is installed when that is forbidden', () => {
  const said: string[] = [];
  expect(() => installMissing(['redis'], { allowed: false, say: (line) => said.push(line) })).toThrow('redis-server');
  expect(said).toEqual([]);
});
