import { expect, test } from '@jest/globals';
import { parseTestArguments } from './run-tests.ts';
import { parseStartArguments } from './start-options.ts';

test('a start has the simulator, stays in front and may install, unless told otherwise', () => {
  expect(parseStartArguments([])).toEqual({ simulator: true, detach: false, install: true, help: false });
  expect(parseStartArguments(['--detach', '--no-simulator', '--no-install'])).toEqual({
    simulator: false,
    detach: true,
    install: false,
    help: false,
  });
  expect(() => parseStartArguments(['--no-simulater'])).toThrow('--no-simulater');
});

test('a test run is of everything, or of the kinds and packages that are named', () => {
  expect(parseTestArguments([])).toEqual({ unit: true, integration: true, install: true, filters: [] });
  expect(parseTestArguments(['--unit'])).toMatchObject({ unit: true, integration: false });
  expect(parseTestArguments(['--integration', 'ingress'])).toMatchObject({
    unit: false,
    integration: true,
    filters: ['--filter=@lingquan/ingress'],
  });
});
