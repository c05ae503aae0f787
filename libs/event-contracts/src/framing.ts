import { NotFramed } from './errors.js';

/** Bytes before the Avro body: byte 0, then the schema id, big-endian. */
export const FRAME_LENGTH = 5;

/** Writes the frame at the start of a buffer. */
export function writeFrame(into: Buffer, schemaId: number): void {
  into[0] = 0;
  into.writeUInt32BE(schemaId, 1);
}

/**
 * The schema id of a framed value, which lies between two positions.
 * @throws NotFramed when it is too short or does not begin with byte 0.
 */
export function schemaIdOf(bytes: Buffer, from = 0, end = bytes.length): number {
  if (end - from < FRAME_LENGTH || bytes[from] !== 0) throw new NotFramed();
  return bytes.readUInt32BE(from + 1);
}
