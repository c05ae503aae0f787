import type { EventsByType, EventType } from './events.generated.js';

/** The event of a type, `meta` included. */
export type EventOf<T extends EventType> = EventsByType[T];

/** What an event says, without `meta`: what the content hash is made over. */
export type EventBody<T extends EventType> = Omit<EventOf<T>, 'meta'>;

/** Events that state facts about a life; all but `SubjectIdentified`, which says who a subject is. */
export type FactEventType = Exclude<EventType, 'SubjectIdentified'>;
