import { runAdapter } from '@throughline/adapter-kit';
import { DWP_ADAPTER } from './dwp.adapter.js';

await runAdapter(DWP_ADAPTER);
