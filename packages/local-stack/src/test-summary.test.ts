import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { failuresOf, readReports, removeReports, summaryLine, totalsOf } from './test-summary.ts';

const root = mkdtempSync(join(tmpdir(), 'summary-'));
afterAll(() => rmSync(root, { recursive: true }));
const report = { numPassedTests: 2, numFailedTests: 1, numRuntimeErrorTestSuites: 1, testResults: [] };

function writeReport(file: string, content: object) {
  mkdirSync(join(root, file, '..'), { recursive: true });
  writeFileSync(join(root, file), JSON.stringify(content));
}

test('files that cannot run count as failures', () => {
  expect(summaryLine(totalsOf([report, report]))).toBe('4 passed, 4 failed');
  expect(summaryLine(totalsOf([]))).toBe('0 passed, 0 failed');
});

test('reports of packages and services are read, unit and integration, and removed before the next run', () => {
  writeReport('packages/a/.jest-unit.json', report);
  writeReport('services/b/.jest-integration.json', report);
  writeReport('bench/.jest-unit.json', report);
  expect(readReports(root)).toEqual([report, report]);
  removeReports(root);
  expect(readReports(root)).toEqual([]);
});

test('a failed file is shown with what Jest said about it', () => {
  const testResults = [
    { name: '/a.test.ts', status: 'passed', message: '' },
    { name: '/b.test.ts', status: 'failed', message: 'expected 1, got 2' },
  ];
  expect(failuresOf([{ ...report, testResults }])).toEqual(['/b.test.ts\nexpected 1, got 2']);
});
