export { anyEvent } from './any-event.js';
