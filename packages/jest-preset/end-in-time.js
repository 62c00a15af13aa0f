/** Longer than any timer that ends by itself: a request to a frozen Kafka is given up after 30 s. */
const PATIENCE_MS = 60_000;

/** Jest waits for ever when a test left something open. This ends it as the tests came out, and says what was left. */
export default class EndInTime {
  onRunComplete(_contexts, { numFailedTests, numFailedTestSuites }) {
    const end = () => {
      process.stderr.write(`Something was left open by a test: ${process.getActiveResourcesInfo().join(', ')}\n`);
      process.exit(numFailedTests + numFailedTestSuites === 0 ? 0 : 1);
    };
    setTimeout(end, PATIENCE_MS).unref();
  }
}
