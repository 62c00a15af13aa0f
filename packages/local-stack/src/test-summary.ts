import { globSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** The part of Jest's `--json` report that is counted. */
export type JestReport = {
  numPassedTests: number;
  numFailedTests: number;
  /** Files that could not even be run. */
  numRuntimeErrorTestSuites: number;
  testResults: readonly { name: string; status: string; message: string }[];
};

export type Totals = { passed: number; failed: number };

/** A file that cannot be run counts as one failure. */
export function totalsOf(reports: readonly JestReport[]): Totals {
  const sum = (count: (report: JestReport) => number) => reports.reduce((total, report) => total + count(report), 0);
  return {
    passed: sum((report) => report.numPassedTests),
    failed: sum((report) => report.numFailedTests + report.numRuntimeErrorTestSuites),
  };
}

/** The last line of a test run; others count on its form. */
export const summaryLine = ({ passed, failed }: Totals): string => `${passed} passed, ${failed} failed`;

/** The failed files with Jest's own account of what went wrong in them. */
export const failuresOf = (reports: readonly JestReport[]): string[] =>
  reports.flatMap((report) =>
    report.testResults.filter(({ status }) => status === 'failed').map(({ name, message }) => `${name}\n${message}`),
  );

const reportPattern = '{packages,services}/*/.jest-{unit,integration}.json';

/** The reports of the run that has just ended. */
export const readReports = (root: string): JestReport[] =>
  globSync(reportPattern, { cwd: root }).map(
    (file) => JSON.parse(readFileSync(join(root, file), 'utf8')) as JestReport,
  );

/** Removes the reports of an earlier run, so that they cannot be taken for this one's. */
export function removeReports(root: string): void {
  for (const file of globSync(reportPattern, { cwd: root })) rmSync(join(root, file));
}
