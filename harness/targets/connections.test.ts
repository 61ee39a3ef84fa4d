import { RequestContext, HttpMethod } from '@kubernetes/client-node';
import { expect, test } from 'vitest';
import { ConnectedConfig } from './connections.ts';

const patience = 60_000;

function configured(): ConnectedConfig {
  const config = new ConnectedConfig(patience);
  config.loadFromOptions({
    currentContext: 'c',
    clusters: [{ name: 'k', server: 'https://127.0.0.1:1', skipTLSVerify: true }],
    users: [{ name: 'u' }],
    contexts: [{ name: 'c', cluster: 'k', user: 'u' }],
  });
  return config;
}

async function dispatcherOf(config: ConnectedConfig) {
  const context = new RequestContext('https://127.0.0.1:1/version', HttpMethod.GET);
  await config.applySecurityAuthentication(context);
  return context.getDispatcher();
}

test('requests share what keeps their connections', async () => {
  const config = configured();
  const first = await dispatcherOf(config);
  expect(first).toBeDefined();
  expect(await dispatcherOf(config)).toBe(first);
});

test('other credentials take another connection', async () => {
  const config = configured();
  const first = await dispatcherOf(config);
  config.users = [{ name: 'u', certData: Buffer.from('another').toString('base64') }];
  const second = await dispatcherOf(config);
  expect(second).not.toBe(first);
  expect(await dispatcherOf(config)).toBe(second);
});

test('a handshake has as long as a request', () => {
  const config = configured();
  expect(config.createDispatcherOptions(config.getCurrentCluster(), {})).toMatchObject({ type: 'none' });
  expect(config.createDispatcherOptions(config.getCurrentCluster(), { rejectUnauthorized: false })).toMatchObject({
    type: 'agent',
    connect: { timeout: patience },
  });
});
