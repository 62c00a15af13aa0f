import { fileURLToPath } from 'node:url';

const common = {
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'node'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': fileURLToPath(new URL('./strip-types.js', import.meta.url)) },
};

/** Unit tests stand beside the code and need nothing; integration tests stand in test/ and need real servers. */
export default {
  // One, and so in Jest's own process: with a limit of memory it would be a worker, which on a busy machine neither starts nor ends soon.
  maxWorkers: 1,
  reporters: ['default', fileURLToPath(new URL('./end-in-time.js', import.meta.url))],
  // Nothing is proved by a test that ends sooner; on a busy machine much takes longer.
  testTimeout: 60_000,
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: ['<rootDir>/src/**/*.test.ts', '<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: ['\\.int\\.test\\.ts$'],
    },
    { ...common, displayName: 'integration', testMatch: ['<rootDir>/test/**/*.int.test.ts'] },
  ],
};
