import { EventContractError } from './errors.js';
import type { EventType } from './events.generated.js';
import { TOPIC_TEMPLATES } from './events.generated.js';

/** A topic to create: its name, its frozen number of partitions, its settings. */
export interface TopicSpec {
  readonly name: string;
  readonly partitions: number;
  readonly config: Readonly<Record<string, string>>;
}

const DEPLOYMENT = '<deployment>';
/** Location of a partition whose topic no deployment owns begins with what no deployment's name does. */
const OWN_LOCATION = '@';
const NAME = '(?![a-z0-9-]*\\d{7})[a-z][a-z0-9-]{0,62}';
/** What a deployment may be called. Seven digits in a row could be part of somebody's number: no label of a series may hold them. */
export const DEPLOYMENT_NAME = new RegExp(`^${NAME}$`);
type TemplateName = (typeof TOPIC_TEMPLATES)[number]['name'];

function template(name: TemplateName): (typeof TOPIC_TEMPLATES)[number] {
  const found = TOPIC_TEMPLATES.find((candidate) => candidate.name === name);
  if (found === undefined) throw new TypeError(`schemas/topics.json has no topic ${name}.`);
  return found;
}

const EVENTS = template('partner-events.<deployment>') as Extract<(typeof TOPIC_TEMPLATES)[number], { readonly events: unknown }>;
const IDENTIFIERS = template('subject-identifiers.<deployment>');

/** Partitions of every `partner-events` topic. */
export const EVENT_PARTITIONS = EVENTS.partitions;

/** Partitions of every `subject-identifiers` topic. */
export const IDENTIFIER_PARTITIONS = IDENTIFIERS.partitions;

/** Topic of what could not be read or mapped. */
export const DEAD_LETTERS = template('dead-letters').name;

/** Topic of what operators decide on who is who. Linkage reads it beside the identifiers. */
export const LINK_DECISIONS = template('link-decisions').name;

/** Topic of cuts, in order: nothing in it is ever replaced or removed. */
export const OUTCOME_CUTS = template('outcome-cuts').name;

/** Topic of released figures. */
export const OUTCOME_RELEASES = template('outcome-releases').name;

function nameFor(pattern: string, deployment: string): string {
  if (!DEPLOYMENT_NAME.test(deployment)) {
    throw new EventContractError('INVALID_DEPLOYMENT', 'deployment', 'Name it by lower-case letters, digits and hyphens, a letter first, 63 at most, without seven digits in a row.');
  }
  return pattern.replace(DEPLOYMENT, deployment);
}

const patternOf = (name: string): RegExp => new RegExp(`^${name.replace('.', '\\.').replace(DEPLOYMENT, `(?<deployment>${NAME})`)}$`);

const topicsOf = (name: string, every: RegExp, deployments: readonly string[] | null): RegExp =>
  deployments === null ? every : new RegExp(`^(?:${deployments.map((deployment) => nameFor(name, deployment).replaceAll('.', '\\.')).join('|')})$`);

/** Whether events of a type tell facts: they go on `partner-events`, counted or not. */
export const tellsFacts = (type: EventType): boolean => (EVENTS.events as readonly EventType[]).includes(type);

/** Matches every `partner-events` topic; the group `deployment` names the adapter's deployment. */
export const EVENTS_TOPIC_PATTERN = patternOf(EVENTS.name);

/** Matches every `subject-identifiers` topic; the group `deployment` names the adapter's deployment. */
export const IDENTIFIERS_TOPIC_PATTERN = patternOf(IDENTIFIERS.name);

/** Matches the `partner-events` topics of these deployments; null: of every one. */
export const eventsTopics = (deployments: readonly string[] | null): RegExp => topicsOf(EVENTS.name, EVENTS_TOPIC_PATTERN, deployments);

/** Matches the `subject-identifiers` topics of these deployments; null: of every one. */
export const identifiersTopics = (deployments: readonly string[] | null): RegExp => topicsOf(IDENTIFIERS.name, IDENTIFIERS_TOPIC_PATTERN, deployments);

/** Matches what linkage reads: the `subject-identifiers` topics of these deployments (null: of every one), and what operators decide. */
export const linkingTopics = (deployments: readonly string[] | null): RegExp => new RegExp(`${identifiersTopics(deployments).source}|^${LINK_DECISIONS}$`);

/** Topic of a deployment's facts. @throws EventContractError `INVALID_DEPLOYMENT`. */
export const eventsTopic = (deployment: string): string => nameFor(EVENTS.name, deployment);

/** Topic of a deployment's tokens. @throws EventContractError `INVALID_DEPLOYMENT`. */
export const identifiersTopic = (deployment: string): string => nameFor(IDENTIFIERS.name, deployment);

/** Topic on which a deployment sends an event type: tokens never travel with facts. */
export function topicOf(type: EventType, deployment: string): string {
  const found = TOPIC_TEMPLATES.find((candidate) => 'events' in candidate && (candidate.events as readonly EventType[]).includes(type));
  if (found === undefined) throw new TypeError(`schemas/topics.json gives ${type} no topic.`);
  return nameFor(found.name, deployment);
}

/** Deployment of a live topic, or undefined for any other topic. */
export function deploymentOf(topic: string): string | undefined {
  return (EVENTS_TOPIC_PATTERN.exec(topic) ?? IDENTIFIERS_TOPIC_PATTERN.exec(topic))?.groups?.['deployment'];
}

/**
 * Where state of a partition of a live topic is kept, and what it is called: `<deployment>.<partition>`; `@<topic>.<partition>`
 * for a topic of no deployment.
 */
export const locationOf = (topic: string, partition: number): string => `${deploymentOf(topic) ?? `${OWN_LOCATION}${topic}`}.${partition}`;

/** Every topic the platform needs for these deployments, those of no deployment included. */
export function liveTopics(deployments: readonly string[]): TopicSpec[] {
  return TOPIC_TEMPLATES.flatMap(({ name, partitions, config }) =>
    name.includes(DEPLOYMENT)
      ? deployments.map((deployment) => ({ name: nameFor(name, deployment), partitions, config }))
      : [{ name, partitions, config }],
  );
}
