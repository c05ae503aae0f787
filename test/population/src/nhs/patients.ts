import { plusDays } from '../calendar.js';
import type { Day } from '../calendar.js';
import { nhsNumberOf, withExchangedDigits, withWrongCheckDigit } from '../identifiers.js';
import { firstNameAt, homeAt, relativeOf, surnameAt } from '../life.js';
import type { Life } from '../life.js';
import { misspelled, respelled } from '../names.js';
import { randomOf } from '../random.js';
import type { Untidiness } from '../untidiness.js';
import { shopHeldBy } from '../shop-postcode.js';
import type { PatientView } from './bars-message.js';

/** A person as a practice has them registered that day; slips are the practice's and stay the same from message to message. */
export function registered(life: Life, day: Day, seed: string, untidiness: Untidiness): PatientView {
  const random = randomOf(seed, 'nhs registration', life.person);
  const has = (share: number): boolean => random.chance(share);
  const [respells, misspells, noNumber, badNumber, noPostcode, badBirth] = [
    has(untidiness.respelled),
    has(untidiness.misspelled),
    has(untidiness.missingIdentifier),
    has(untidiness.wrongCheck),
    has(untidiness.missingIdentifier),
    has(untidiness.misspelled / 2),
  ];
  const [surname, given] = [surnameAt(life, day), firstNameAt(life, day)];
  const family = respells ? respelled(surname, random) : misspells ? misspelled(surname) : surname;
  const swapped = randomOf(seed, 'nhs swapped', life.person).chance(untidiness.swapped);
  const relative = randomOf(seed, 'nhs relatives', life.person).chance(untidiness.relatives) ? relativeOf(life) : null;
  const nhsNumber = relative === null ? life.nhsNumber : nhsNumberOf(relative);
  const shop = shopHeldBy('nhs', life, seed, untidiness);
  const home = shop ?? homeAt(life, day).postcode;
  const before = homeAt(life, plusDays(day, -200)).postcode;
  return {
    nhsNumber: noNumber ? null : badNumber ? withWrongCheckDigit(nhsNumber) : nhsNumber,
    ...(swapped ? { family: given, given: family } : { family, given }),
    birthDate: badBirth ? `${life.dateOfBirth.slice(0, 8)}01` : life.dateOfBirth,
    postcode: noPostcode ? null : home,
    oldPostcode: shop !== null || before === home ? null : before,
    gender: life.sex === 'F' ? 'female' : 'male',
  };
}

/** A number that fails its check, for a message that a later one puts right. */
export const mistypedNhsNumber = (nhsNumber: string): string => withExchangedDigits(nhsNumber);
