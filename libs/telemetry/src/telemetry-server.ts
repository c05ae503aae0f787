import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TelemetryError } from './telemetry-error.js';
import type { Telemetry } from './telemetry.js';

/** What a check found. `reason` is one sentence for operations staff, without values of records. */
export type CheckResult = { readonly ok: true } | { readonly ok: false; readonly reason: string };
export type HealthCheck = () => CheckResult | Promise<CheckResult>;

export interface TelemetryServerOptions {
  readonly telemetry: Telemetry;
  /** 0: any free port. */
  readonly port: number;
  /** Default 127.0.0.1: series say how much each partner sends. */
  readonly host?: string;
  /** Milliseconds after which a check that has not answered counts as failed. Default 2000. */
  readonly checkTimeoutMs?: number;
}

/**
 * `/metrics`, `/health/live` and `/health/ready` on a port of their own, so that neither partners nor a stuck request
 * queue stand between operations staff and the process.
 * Live: worth keeping; when it fails, restart the process. Ready: able to work now; 503 with every reason otherwise.
 */
export class TelemetryServer {
  readonly #server: Server;
  readonly #checks = { live: new Map<string, HealthCheck>(), ready: new Map<string, HealthCheck>() };

  constructor(private readonly options: TelemetryServerOptions) {
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  /** Adds a check to `/health/live`: only what a restart would mend. */
  live(name: string, check: HealthCheck): this {
    return this.#register('live', name, check);
  }

  /** Adds a check to `/health/ready`. */
  ready(name: string, check: HealthCheck): this {
    return this.#register('ready', name, check);
  }

  /** @returns where it listens. @throws TelemetryError `PORT_TAKEN` */
  async listen(): Promise<{ readonly host: string; readonly port: number; readonly url: string }> {
    const host = this.options.host ?? '127.0.0.1';
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', (error: NodeJS.ErrnoException) => {
        const taken = error.code === 'EADDRINUSE';
        reject(taken ? new TelemetryError('PORT_TAKEN', `${host}:${this.options.port}`, 'Stop what listens there or set another telemetry port.') : error);
      });
      this.#server.listen(this.options.port, host, resolve);
    });
    const { port } = this.#server.address() as AddressInfo;
    return { host, port, url: `http://${host.includes(':') ? `[${host}]` : host}:${port}` };
  }

  /** Closes at once, open connections included. Harmless when it never listened. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  #register(kind: 'live' | 'ready', name: string, check: HealthCheck): this {
    if (this.#checks[kind].has(name)) throw new TelemetryError('CHECK_NAMED_TWICE', `${kind} check ${name}`, 'Give every check a name of its own.');
    this.#checks[kind].set(name, check);
    return this;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '/').split('?')[0];
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      return send(response, 405, { message: 'Only GET and HEAD are answered here.' });
    }
    if (path === '/metrics') {
      const { contentType, body } = await this.options.telemetry.expose();
      response.writeHead(200, { 'content-type': contentType, 'cache-control': 'no-store' });
      response.end(body);
      return;
    }
    if (path === '/health/live') return this.#health(response, this.#checks.live, 'live');
    if (path === '/health/ready') return this.#health(response, this.#checks.ready, 'ready');
    return send(response, 404, { message: 'Answered here: /metrics, /health/live, /health/ready.' });
  }

  async #health(response: ServerResponse, checks: ReadonlyMap<string, HealthCheck>, word: string): Promise<void> {
    const results = await Promise.all([...checks].map(async ([name, check]) => [name, await this.#run(check)] as const));
    const ok = results.every(([, result]) => result.ok);
    send(response, ok ? 200 : 503, { status: ok ? word : `not ${word}`, checks: Object.fromEntries(results) });
  }

  async #run(check: HealthCheck): Promise<CheckResult> {
    const limit = this.options.checkTimeoutMs ?? 2000;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<CheckResult>((resolve) => {
      timer = setTimeout(() => resolve({ ok: false, reason: `The check gave no answer within ${limit} ms.` }), limit);
    });
    try {
      return await Promise.race([check(), late]);
    } catch (error) {
      // The message is left out: it may quote what was being worked on.
      const code = (error as { code?: unknown } | null)?.code;
      return { ok: false, reason: `The check itself failed${typeof code === 'string' ? ` (${code})` : ''}.` };
    } finally {
      clearTimeout(timer);
    }
  }
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
  response.end(`${JSON.stringify(body)}\n`);
}
