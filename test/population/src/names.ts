import type { Random } from './random.js';

// Everyday names with what trips matching: accents, apostrophes, hyphens, double names.
const SURNAMES = [
  'Smith', 'Jones', 'Taylor', 'Brown', 'Williams', 'Wilson', 'Johnson', 'Davies', 'Patel', 'Khan', 'Evans', 'Thomas', 'Ahmed',
  'Walker', 'Wright', 'Robinson', 'Thompson', 'Hussain', 'White', 'Hughes', 'Edwards', 'Green', 'Begum', 'Wood', 'Harris', 'Ali',
  'Kowalska', 'Nowak', 'Okafor', 'Adeyemi', 'Mensah', 'Singh', 'Kaur', 'Chaudhry', 'Rahman', 'Tesfaye', 'Haile', 'Hosseini',
  'Karimi', 'Rossi', 'Silva', 'García', 'Núñez', 'Müller', 'Françoise', "O'Brien", "O'Shea", "D'Souza", 'Smith-Jones',
  'Lloyd-Hughes', 'Van Dijk', 'De Silva', 'Mac Donald', 'Atkinson', 'Barnes', 'Birch', 'Calder', 'Dobson', 'Eccles', 'Fairhurst',
  'Gill', 'Hartley', 'Illingworth', 'Jagger', 'Kershaw', 'Lomax', 'Mills', 'Nuttall', 'Ogden', 'Pickles', 'Quirke', 'Ramsden',
  'Schofield', 'Tattersall', 'Unsworth', 'Varley', 'Whitworth', 'Yates', 'Ashworth', 'Bamford', 'Crompton', 'Duxbury',
] as const;

const FIRST_NAMES = {
  F: [
    'Olivia', 'Amelia', 'Aisha', 'Fatima', 'Chloé', 'Zoë', 'Siân', 'Niamh', 'Mary Ann', 'Anne-Marie', 'Grace', 'Priya', 'Agnieszka',
    'Ngozi', 'Selam', 'Leila', 'Katherine', 'Susan', 'Deborah', 'Jade', 'Kelly', 'Megan', 'Rebecca', 'Yasmin', 'Helen', 'Julie',
  ],
  M: [
    'Mohammed', 'Oliver', 'George', 'Jack', 'Harry', 'José', 'André', 'Seán', 'John Paul', 'Jean-Luc', 'Arjun', 'Tomasz', 'Chidi',
    'Dawit', 'Reza', 'William', 'Stephen', 'Paul', 'Craig', 'Kyle', 'Liam', 'Ryan', 'Daniel', 'Imran', 'Peter', 'Gareth',
  ],
} as const;

/** The same first name as another clerk would write it. */
const SHORT_FORMS: Readonly<Record<string, string>> = {
  Katherine: 'Kate', Susan: 'Sue', Deborah: 'Debbie', Rebecca: 'Becky', Mohammed: 'Mohammad', William: 'Will', Stephen: 'Steven',
  Daniel: 'Dan', Oliver: 'Ollie', Harry: 'Henry', Megan: 'Meg', Tomasz: 'Tomek',
};

export type Sex = 'F' | 'M';

/** First names that parents give to twins and that are one name to whoever reads the first word. */
export const TWINS_ALIKE: Readonly<Record<Sex, readonly [elder: string, younger: string]>> = {
  F: ['Mary Ann', 'Mary Jane'],
  M: ['Mohammed Ali', 'Mohammed Amin'],
};

export const surname = (random: Random): string => random.pick(SURNAMES);
export const firstName = (random: Random, sex: Sex): string => random.pick(FIRST_NAMES[sex]);

/** Spelled in a way that a careful reader still takes for the same name. */
export function respelled(name: string, random: Random): string {
  return random.pick([
    name.toUpperCase(),
    name.toLowerCase(),
    name.normalize('NFD').replace(/\p{M}/gu, ''),
    name.replace(/['’]/gu, '’'),
    name.replace(/-/gu, ' - ').replace(/ - /gu, '-'),
  ]);
}

/** Spelled in a way that no rule brings back: a short form, or two letters exchanged. */
export function misspelled(name: string): string {
  const short = SHORT_FORMS[name];
  if (short !== undefined) return short;
  const middle = Math.max(1, Math.floor(name.length / 2) - 1);
  const [left, right] = [name[middle] ?? '', name[middle + 1] ?? ''];
  return left === right ? `${name}e` : `${name.slice(0, middle)}${right}${left}${name.slice(middle + 2)}`;
}

/** Characters that HMRC's request schema takes in a name: plain letters, spaces, apostrophe, hyphen. */
export const plainName = (name: string): string =>
  name.normalize('NFD').replace(/\p{M}/gu, '').replace(/’/gu, "'").replace(/[^a-zA-Z &`\-'.]/gu, '').slice(0, 35);
