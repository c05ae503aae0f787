/** Why bytes could not be read as an event, or a value not written as one. */
export type EventContractCode =
  | 'NOT_FRAMED'
  | 'UNKNOWN_SCHEMA'
  | 'TRUNCATED_EVENT'
  | 'MALFORMED_EVENT'
  | 'TRAILING_BYTES'
  | 'INVALID_EVENT'
  | 'INVALID_KEY'
  | 'INVALID_DATE'
  | 'INVALID_DEPLOYMENT';

/**
 * Any failure of the contract. `place` is a field's path or a part of the frame; neither it nor the message ever holds
 * a value, since a value may be personal.
 */
export class EventContractError extends Error {
  override readonly name: string = 'EventContractError';

  constructor(
    readonly code: EventContractCode,
    readonly place: string,
    readonly remedy: string,
  ) {
    super(`${code} at ${place}. ${remedy}`);
  }
}

/** Thrown when a value does not begin with the frame: byte 0, then four bytes of schema id. */
export class NotFramed extends EventContractError {
  override readonly name = 'NotFramed';
  constructor() {
    super('NOT_FRAMED', 'frame', 'Write byte 0, the schema id as four bytes big-endian, then the Avro body.');
  }
}

/** Thrown when the frame names a schema that this build does not hold: the writer is newer, or not one of ours. */
export class UnknownSchema extends EventContractError {
  override readonly name = 'UnknownSchema';
  constructor(readonly schemaId: number) {
    super('UNKNOWN_SCHEMA', `schema id ${schemaId}`, 'Upgrade readers before writers: schemas/catalogue.json lists the known ids.');
  }
}

/** Thrown when a value ends before its event does. */
export class TruncatedEvent extends EventContractError {
  override readonly name = 'TruncatedEvent';
  constructor(readonly eventType: string) {
    super('TRUNCATED_EVENT', eventType, 'The value ends within a field: send it whole.');
  }
}
