import { eventKey, partitionOf } from './record-keys.js';
import {
  DEAD_LETTERS,
  EVENTS_TOPIC_PATTERN,
  IDENTIFIERS_TOPIC_PATTERN,
  deploymentOf,
  eventsTopic,
  eventsTopics,
  identifiersTopic,
  identifiersTopics,
  LINK_DECISIONS,
  linkingTopics,
  locationOf,
  tellsFacts,
  liveTopics,
  topicOf,
} from './topics.js';
import { codeOf } from './testing/code-of.js';

describe('record keys', () => {
  const subject = Buffer.from('ff000001000000000000000000000000', 'hex');

  it('are the subject, then the event', () => {
    expect(eventKey(subject, Buffer.alloc(16, 9)).toString('hex')).toBe(`ff000001000000000000000000000000${'09'.repeat(16)}`);
    expect(codeOf(() => eventKey(subject, Buffer.alloc(8)))).toBe('INVALID_KEY');
    expect(codeOf(() => eventKey(subject.subarray(1), Buffer.alloc(16)))).toBe('INVALID_KEY');
  });

  it('choose the partition by the first four bytes, unsigned', () => {
    expect(partitionOf(subject, 12)).toBe(0xff000001 % 12);
    expect(partitionOf(eventKey(subject, Buffer.alloc(16, 9)), 12)).toBe(partitionOf(subject, 12));
    expect(partitionOf(Buffer.from([0, 0, 1, 2]), 4)).toBe(2);
    expect(codeOf(() => partitionOf(Buffer.from([1, 2, 3]), 4))).toBe('INVALID_KEY');
  });
});

describe('topics', () => {
  it('separate who from what', () => {
    expect(topicOf('SubjectIdentified', 'nhs')).toBe('subject-identifiers.nhs');
    expect(topicOf('JobStarted', 'nhs')).toBe('partner-events.nhs');
    expect(EVENTS_TOPIC_PATTERN.test(identifiersTopic('nhs'))).toBe(false);
    expect(IDENTIFIERS_TOPIC_PATTERN.test(eventsTopic('nhs'))).toBe(false);
  });

  it('know their deployment', () => {
    expect(deploymentOf(eventsTopic('south-college'))).toBe('south-college');
    expect(deploymentOf(identifiersTopic('dwp'))).toBe('dwp');
    expect(deploymentOf(DEAD_LETTERS)).toBeUndefined();
    expect(deploymentOf('my-partner-events.nhs')).toBeUndefined();
    expect(codeOf(() => eventsTopic('a.b'))).toBe('INVALID_DEPLOYMENT');
  });

  it('hold no number that could be somebody’s, which no label of a series may hold', () => {
    expect(eventsTopic('college-123456')).toBe('partner-events.college-123456');
    expect(codeOf(() => eventsTopic('college-1234567'))).toBe('INVALID_DEPLOYMENT');
    expect(deploymentOf('partner-events.college-1234567')).toBeUndefined();
  });

  it('name a place for each partition, which no deployment of another can take', () => {
    expect(locationOf(identifiersTopic('nhs'), 3)).toBe('nhs.3');
    expect(locationOf(LINK_DECISIONS, 0)).toBe('@link-decisions.0');
    expect(locationOf(identifiersTopic('link-decisions'), 0)).toBe('link-decisions.0');
  });

  it('say who is who on those of identifiers and of decisions, and tell facts on the others', () => {
    for (const deployments of [null, ['nhs']]) {
      const linking = linkingTopics(deployments);
      expect([identifiersTopic('nhs'), LINK_DECISIONS, eventsTopic('nhs'), `${LINK_DECISIONS}-2`].map((topic) => linking.test(topic))).toEqual([true, true, false, false]);
    }
    expect(linkingTopics(['nhs']).test(identifiersTopic('dwp'))).toBe(false);
    expect([tellsFacts('WellbeingMeasured'), tellsFacts('JobStarted'), tellsFacts('SubjectIdentified')]).toEqual([true, true, false]);
  });

  it('are those of the deployments named, and of all where none is', () => {
    expect(eventsTopics(null)).toBe(EVENTS_TOPIC_PATTERN);
    const [facts, identifiers] = [eventsTopics(['nhs', 'dwp']), identifiersTopics(['nhs'])];
    expect(['nhs', 'dwp', 'nhs-2', 'college'].map((name) => facts.test(eventsTopic(name)))).toEqual([true, true, false, false]);
    expect([facts.test('partner-eventsXnhs'), facts.test(identifiersTopic('nhs')), identifiers.test(identifiersTopic('nhs'))]).toEqual([false, false, true]);
    expect(codeOf(() => eventsTopics(['a|.*']))).toBe('INVALID_DEPLOYMENT');
  });

  it('keep every live record for ever', () => {
    const topics = liveTopics(['nhs', 'dwp']);
    expect(topics.map(({ name, partitions }) => `${name}/${partitions}`)).toEqual([
      'partner-events.nhs/12',
      'partner-events.dwp/12',
      'subject-identifiers.nhs/4',
      'subject-identifiers.dwp/4',
      'link-decisions/1',
      'dead-letters/1',
      'outcome-releases/1',
      'outcome-cuts/1',
    ]);
    for (const { config } of topics) expect(config['retention.ms']).toBe('-1');
    for (const { name, config } of topics.slice(0, 5)) expect([name, config['cleanup.policy']]).toEqual([name, 'compact']);
  });
});
