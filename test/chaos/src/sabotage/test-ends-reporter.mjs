// Tells how each test ended as soon as it did, one JSON line each, into the file that THROUGHLINE_TEST_ENDS names: Jest's own
// report comes only when the whole file is done, which one that never ends is not. Jest asks for a default export.
import { appendFileSync } from 'node:fs';

const file = process.env['THROUGHLINE_TEST_ENDS'];

export default class TestEndsReporter {
  onTestCaseResult(_, { title, status }) {
    appendFileSync(file, `${JSON.stringify({ title, status })}\n`);
  }
}
