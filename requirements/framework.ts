/**
 * How much a held verdict says about a requirement. None of these fulfils one: a test looks at some nodes at one moment,
 * a requirement is met by an organisation over time.
 */
export type Support =
  /** It asks for the very property that the checks try. */
  | 'direct'
  /** It asks for more than the checks try. */
  | 'partial'
  /** It asks that something is done, such as testing. A run is a record that it was. */
  | 'practice'
  /** It is an attacker's technique. The checks try a harmless step of it. */
  | 'technique';

/** What each kind of support means, in words for a reader of a report. */
export const supportMeans: Readonly<Record<Support, string>> = {
  direct: 'asks for the property that the checks try',
  partial: 'asks for more than the checks try',
  practice: 'asks that something is done; a run is a record that it was',
  technique: "an attacker's technique, of which the checks try a harmless step",
};

/** What a framework asks for, in our own words: the texts of standards are not ours to copy. */
export interface Requirement {
  asks: string;
  support: Support;
  /** Why no check names it. Set on exactly those that none does, so that the gaps are as plain as the rest. */
  untested?: string;
}

/** A standard, benchmark, law or catalogue. Ids change between versions, so a version is part of every reference. */
export interface Framework {
  /** What checks write before the `@`. */
  key: string;
  /** What checks write between `@` and `#`. */
  version: string;
  name: string;
  /** Where its publisher has it. */
  source: string;
  /** By id, in the publisher's spelling and order. */
  requirements: Readonly<Record<string, Requirement>>;
}

const of =
  (support: Support) =>
  (asks: string): Requirement => ({ asks, support });

export const direct = of('direct');
export const partial = of('partial');
export const practice = of('practice');
export const technique = of('technique');

/** A requirement that no check names, and why. */
export const untested = (requirement: Requirement, why: string): Requirement => ({ ...requirement, untested: why });
