import { runAdapter } from '@throughline/adapter-kit';
import { NHS_ADAPTER } from './nhs.adapter.js';
import { ProcessMessageController } from './process-message/process-message.controller.js';

await runAdapter(NHS_ADAPTER, { extraControllers: [ProcessMessageController] });
