import { parseTestArguments, runTests } from '../run-tests.ts';
import { shutdownRequested } from '../shutdown.ts';

const signal = shutdownRequested();
const code = await runTests(parseTestArguments(process.argv.slice(2)), signal);
process.exit(signal.aborted ? 130 : code);
