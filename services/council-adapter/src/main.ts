import { runAdapter } from '@throughline/adapter-kit';
import { COUNCIL_ADAPTER } from './council.adapter.js';

await runAdapter(COUNCIL_ADAPTER);
