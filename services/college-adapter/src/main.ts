import { runAdapter } from '@throughline/adapter-kit';
import { COLLEGE_ADAPTER } from './college.adapter.js';

await runAdapter(COLLEGE_ADAPTER);
