import type { ArgumentsHost, RpcExceptionFilter } from '@nestjs/common';
import { Catch } from '@nestjs/common';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import { EventPattern, Server } from '@nestjs/microservices';
import type { Observable } from 'rxjs';
import { isObservable, lastValueFrom, throwError } from 'rxjs';
import { BatchConsumer } from './batch-consumer.js';
import type { BatchConsumerOptions } from './batch-consumer-options.js';
import { BusError, Reposition } from './bus-error.js';
import type { BatchContext, ConsumedBatch } from './consumed-batch.js';

/** What a transport needs of a consumer: a {@link BatchConsumer}, or one that reads another log. */
export type LogConsumer = Pick<BatchConsumer, 'start' | 'stop' | 'pause' | 'resume' | 'lags' | 'held' | 'lastFetchAt'>;

/** What a transport is told: a consumer's options, and the pattern of the one handler that gets its batches. */
export interface BatchTransportOptions extends Omit<BatchConsumerOptions, 'onBatch'> {
  /** As in the controller's `@BatchPattern(pattern)`, for example `partner-events`. */
  readonly pattern: string;
  /** Default: a {@link BatchConsumer}. */
  readonly openConsumer?: ((options: BatchConsumerOptions) => LogConsumer) | undefined;
}

/**
 * Marks the controller's method that gets the batches of a transport with this pattern: Nest's `@EventPattern`, with a type
 * that lets the method say what it is given.
 */
export const BatchPattern = (pattern: string): MethodDecorator => EventPattern<string>(pattern);

/**
 * Brings batches to a Nest controller: `@BatchPattern(pattern) handle(@Payload() batch: ConsumedBatch, @Ctx() context:
 * BatchContext)`. The handler's return and errors mean what they mean to a {@link BatchConsumer}. Use it with
 * {@link BatchFaultFilter}, without which Nest hides what a handler threw.
 */
export class BatchTransport extends Server implements CustomTransportStrategy {
  /** Nest is to hand us a handler's failure instead of logging and forgetting it. */
  override readonly propagatesEventHandlerErrors = true;
  /** The consumer, for pauses, lags and liveness. */
  readonly consumer: LogConsumer;

  constructor(private readonly options: BatchTransportOptions) {
    super();
    const { openConsumer = (whole) => new BatchConsumer(whole) } = options;
    this.consumer = openConsumer({ ...options, onBatch: (batch, context) => this.dispatch(batch, context) });
  }

  /** Called by Nest. Fails when no controller handles the pattern, and when Kafka cannot be joined. */
  listen(callback: (error?: unknown) => void): void {
    if (this.getHandlerByPattern(this.options.pattern) === null) {
      callback(new BusError('NO_HANDLER', this.options.pattern, 'Give a controller a method with this @BatchPattern.', false));
      return;
    }
    this.consumer.start().then(() => callback(), callback);
  }

  /** Called by Nest: leaves the group after the batches at work. */
  close(): Promise<void> {
    return this.consumer.stop();
  }

  /** There is nothing to listen to here: the options carry the callbacks. */
  on(): never {
    throw new BusError('NO_HANDLER', this.options.pattern, 'Pass onAssigned, onTrouble and onCrash in the options.', false);
  }

  unwrap<T>(): T {
    return this.consumer as T;
  }

  private async dispatch(batch: ConsumedBatch, context: BatchContext): Promise<Reposition | void> {
    const handler = this.getHandlerByPattern(this.options.pattern);
    if (handler === null) throw new BusError('NO_HANDLER', this.options.pattern, 'Give a controller a method with this @BatchPattern.', false);
    const result: unknown = await handler(batch, context);
    const outcome: unknown = isObservable(result) ? await lastValueFrom(result, { defaultValue: undefined }) : result;
    if (outcome instanceof Reposition) return outcome;
  }
}

/** Lets a handler's error through to the transport as it was thrown; Nest's own filter would put another in its place. */
@Catch()
export class BatchFaultFilter implements RpcExceptionFilter<unknown> {
  catch(exception: unknown, _host: ArgumentsHost): Observable<never> {
    return throwError(() => exception);
  }
}
