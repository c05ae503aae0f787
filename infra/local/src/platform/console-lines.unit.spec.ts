import { prefixer, readableLine } from './console-lines.js';

test('a JSON log line is shown as level, message and facts', () => {
  const line = '{"level":40,"time":1,"pid":2,"hostname":"h","service":"nhs-adapter","submission":"ab12","records":3,"msg":"held"}';
  expect(readableLine(line)).toBe('warn held submission=ab12 records=3');
});

test.each(['plain words', '{ not JSON', ''])('any other line stays as it is: %p', (line) => {
  expect(readableLine(line)).toBe(line);
});

test('every service has its prefix, coloured on a terminal only', () => {
  expect(prefixer('linkage', 1, 10, false)('up')).toBe('linkage    | up');
  expect(prefixer('linkage', 1, 10, true)('up')).toBe('\u001b[35mlinkage    |\u001b[0m up');
});
