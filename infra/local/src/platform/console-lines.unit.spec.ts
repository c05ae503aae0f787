import { isRoutine, prefixer, readableLine } from './console-lines.js';

test('a JSON log line is shown as level, message and facts', () => {
  const line = '{"level":40,"time":1,"pid":2,"hostname":"h","service":"nhs-adapter","submission":"ab12","records":3,"msg":"held"}';
  expect(readableLine(line)).toBe('warn held submission=ab12 records=3');
});

test.each(['plain words', '{ not JSON', ''])('any other line stays as it is: %p', (line) => {
  expect(readableLine(line)).toBe(line);
});

test('an error is shown by its message alone', () => {
  const line = '{"level":"error","err":{"type":"BusError","message":"no broker answers","stack":"at somewhere"},"attempt":2,"msg":"again"}';
  expect(readableLine(line)).toBe('error again err="no broker answers" attempt=2');
});

test.each([
  ['{"level":"info","msg":"x"}', true],
  ['{"level":20,"msg":"x"}', true],
  ['{"level":"warn","msg":"x"}', false],
  ['{"level":50,"msg":"x"}', false],
  ['Error: something', false],
])('%s is routine: %s', (line, routine) => {
  expect(isRoutine(line)).toBe(routine);
});

test('every service has its prefix, coloured on a terminal only', () => {
  expect(prefixer('linkage', 1, 10, false)('up')).toBe('linkage    | up');
  expect(prefixer('linkage', 1, 10, true)('up')).toBe('\u001b[35mlinkage    |\u001b[0m up');
});
