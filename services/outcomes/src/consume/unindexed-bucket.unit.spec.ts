import { encodeEntry } from '@throughline/outcome-metrics';
import { idText, jobStart, stated } from '@throughline/outcome-metrics/testing';
import { UnindexedBucket } from './unindexed-bucket.js';

it('keeps no other memory alive than what it says that it takes', () => {
  const entries = ['one', 'two', 'two'].map((subject, at) => encodeEntry(idText(subject), stated(jobStart(`job ${at}`, '2026-05-01'))));
  const bucket = new UnindexedBucket(Buffer.concat(entries));
  const held = new Set<ArrayBufferLike>();
  bucket.visit(({ bytes }) => held.add(bytes.buffer));
  const bytesHeld = [...held].reduce((sum, { byteLength }) => sum + byteLength, 0);
  const places = entries.length * Uint32Array.BYTES_PER_ELEMENT;
  expect(bucket.memoryBytes).toBe(bytesHeld + places);
});
