import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createTelemetry } from './telemetry.js';
import { TelemetryServer } from './telemetry-server.js';

const telemetry = createTelemetry({ service: 'outcomes', kind: 'outcomes', build: { version: '1.0.0', revision: 'abc' }, runtimeSeries: false });

describe('TelemetryServer', () => {
  let server: TelemetryServer;
  let url: string;
  beforeEach(async () => {
    server = new TelemetryServer({ telemetry, port: 0, checkTimeoutMs: 20 });
    ({ url } = await server.listen());
  });
  afterEach(() => server.close());
  const get = async (path: string): Promise<{ status: number; body: unknown }> => {
    const response = await fetch(`${url}${path}`);
    return { status: response.status, body: await response.json() };
  };

  it('listens on loopback and answers with the series', async () => {
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const response = await fetch(`${url}/metrics?x=1`);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(await response.text()).toContain('throughline_build_info{');
  });

  it('is live and ready without checks', async () => {
    expect(await get('/health/live')).toEqual({ status: 200, body: { status: 'live', checks: {} } });
    expect(await get('/health/ready')).toEqual({ status: 200, body: { status: 'ready', checks: {} } });
  });

  it('is not ready while any check says so, with every reason, and ready again after', async () => {
    let away = true;
    server.ready('redis', () => (away ? { ok: false, reason: 'Redis does not answer.' } : { ok: true })).ready('spool', async () => ({ ok: true }));
    expect(await get('/health/ready')).toEqual({
      status: 503,
      body: { status: 'not ready', checks: { redis: { ok: false, reason: 'Redis does not answer.' }, spool: { ok: true } } },
    });
    expect((await get('/health/live')).status).toBe(200);
    away = false;
    expect((await get('/health/ready')).status).toBe(200);
  });

  it('counts a check that hangs or throws as failed, without its message', async () => {
    server
      .live('hangs', () => new Promise(() => undefined))
      .live('throws', () => {
        throw Object.assign(new Error('AB123456C'), { code: 'ECONNREFUSED' });
      })
      .live('rejects', () => Promise.reject(new Error('AB123456C')));
    expect(await get('/health/live')).toEqual({
      status: 503,
      body: {
        status: 'not live',
        checks: {
          hangs: { ok: false, reason: 'The check gave no answer within 20 ms.' },
          throws: { ok: false, reason: 'The check itself failed (ECONNREFUSED).' },
          rejects: { ok: false, reason: 'The check itself failed.' },
        },
      },
    });
  });

  it('refuses other paths and methods', async () => {
    expect((await get('/')).status).toBe(404);
    const posted = await fetch(`${url}/metrics`, { method: 'POST' });
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  it('names a port that is taken', async () => {
    const second = new TelemetryServer({ telemetry, port: Number(new URL(url).port) });
    await expect(second.listen()).rejects.toMatchObject({ code: 'PORT_TAKEN', place: `127.0.0.1:${new URL(url).port}` });
    await second.close();
  });

  it('refuses two checks of one name', () => {
    server.ready('redis', () => ({ ok: true }));
    expect(() => server.ready('redis', () => ({ ok: true }))).toThrow(expect.objectContaining({ code: 'CHECK_NAMED_TWICE' }));
  });

  it('closes while a client still waits for an answer', async () => {
    const slow = new TelemetryServer({ telemetry, port: 0, checkTimeoutMs: 60_000 });
    let answer: (result: { ok: true }) => void = () => undefined;
    const asked = new Promise<void>((resolve) => {
      slow.ready('slow', () => {
        resolve();
        return new Promise((settle) => (answer = settle));
      });
    });
    const waiting = expect(fetch(`${(await slow.listen()).url}/health/ready`)).rejects.toThrow();
    await asked;
    await slow.close();
    await waiting;
    answer({ ok: true });
  });
});
