import type { IncomingMessage } from 'node:http';
import { expect, test } from '@jest/globals';
import { addressesOf } from '../domain/addresses.ts';
import { originOf } from './client-address.ts';

const isProxy = addressesOf(['10.0.0.0/8', '127.0.0.1']);
const origin = (remoteAddress: string, forwarded?: string) =>
  originOf(
    { socket: { remoteAddress }, headers: { 'x-forwarded-for': forwarded } } as unknown as IncomingMessage,
    isProxy,
  );

test('a stranger is who the socket says, whatever he writes', () => {
  expect(origin('198.51.100.1', '203.0.113.7')).toEqual({ address: '198.51.100.1', trusted: false });
});

test('behind a proxy of ours the client is the last entry that is not ours', () => {
  expect(origin('127.0.0.1', '203.0.113.7')).toEqual({ address: '203.0.113.7', trusted: true });
  expect(origin('127.0.0.1', '1.1.1.1, 203.0.113.7, 10.0.0.2').address).toBe('203.0.113.7');
});

test('a proxy that says nothing, or nothing readable, is the client itself', () => {
  expect(origin('10.1.2.3').address).toBe('10.1.2.3');
  expect(origin('10.1.2.3', '203.0.113.7, unknown').address).toBe('10.1.2.3');
});

test('a chain of nothing but our proxies ends at the first of them', () => {
  expect(origin('127.0.0.1', '10.0.0.1, 10.0.0.2').address).toBe('10.0.0.1');
});
