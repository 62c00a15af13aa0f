/** What one check looked at and what it found. */
export type CheckResult = {
  id: string;
  /** Chinese first, English behind it. */
  title: string;
  /** How many things were looked at. */
  checked: number;
  /** How many of them are wrong. */
  found: number;
  /** The first of them, each as one line; openids masked. */
  evidence: string[];
};

export type Check = {
  looked: (count?: number) => void;
  found: (evidence: string) => void;
  result: () => CheckResult;
};

const evidenceMax = 20;

export function startCheck(id: string, title: string): Check {
  const evidence: string[] = [];
  let checked = 0;
  let found = 0;
  return {
    looked: (count = 1) => void (checked += count),
    found: (line) => {
      found += 1;
      if (evidence.length < evidenceMax) evidence.push(line);
    },
    result: () => ({ id, title, checked, found, evidence }),
  };
}
