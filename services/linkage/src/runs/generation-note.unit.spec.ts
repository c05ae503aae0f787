import { firstNote, positionOf } from './generation-note.js';

it('says when the first generation was begun, which follows the log', () => {
  const note = firstNote(Date.UTC(2026, 4, 1));
  expect(JSON.parse(note)).toEqual({ reason: 'first', startedAt: '2026-05-01T00:00:00.000Z' });
  expect(positionOf(note)).toBeNull();
});

it('reads where a generation is to stay; what cannot be read follows the log', () => {
  const until = { 'partner-events.nhs': [3, 0] };
  expect(positionOf(JSON.stringify({ reason: 'position', startedAt: '', until }))).toEqual(until);
  for (const note of ['', 'first', '{}', '{"until":3}']) expect(positionOf(note)).toBeNull();
});
