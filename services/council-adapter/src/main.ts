import { runAdapter } from '@throughline/adapter-kit';
import { councilAdapter } from './council.adapter.js';
import { layoutFrom } from './nccis/extract-layout.js';

const LAYOUT = 'NCCIS_LAYOUT_FILE';

await runAdapter((environment) => councilAdapter(layoutFrom(environment[LAYOUT], LAYOUT)));
