import { read } from '../attempt.ts';
import type { Attempt } from '../attempt.ts';
import type { Outcome, OracleInput } from '../outcome.ts';

/** A setting by which a node refuses something to everybody, whatever rights they have. */
interface Setting {
  refuses: (attempt: Attempt) => boolean;
  /** Where the witness reads it. */
  file: string;
  inForce: RegExp;
}

const isCall = (attempt: Attempt, ...names: string[]) => attempt.kind === 'call' && names.includes(attempt.call);

const settings: readonly Setting[] = [
  {
    // drivers/char/mem.c, arch/x86/kernel/ioport.c: LOCKDOWN_DEV_MEM and LOCKDOWN_IOPORT, since 5.4.
    refuses: (attempt) =>
      (attempt.kind === 'device' &&
        attempt.type === 'c' &&
        attempt.major === '1' &&
        ['1', '4'].includes(attempt.minor)) ||
      isCall(attempt, 'iopl'),
    file: '/proc/1/root/sys/kernel/security/lockdown',
    inForce: /\[(integrity|confidentiality)\]/,
  },
  {
    // io_uring/io_uring.c, io_uring_allowed: 2 refuses everybody; 1 lets CAP_SYS_ADMIN through. Since 6.6.
    refuses: (attempt) => isCall(attempt, 'io_uring_setup'),
    file: '/proc/sys/kernel/io_uring_disabled',
    inForce: /^2$/m,
  },
  {
    // kernel/ucount.c, inc_ucount: ENOSPC beyond it, whoever asks.
    refuses: (attempt) => isCall(attempt, 'unshare_user'),
    file: '/proc/sys/user/max_user_namespaces',
    inForce: /^0$/m,
  },
];

/** What the witness reads, so that a refusal can be told to be the node's own. */
export const settingsOf = (attempt: Attempt): Attempt[] =>
  settings.filter(({ refuses }) => refuses(attempt)).map(({ file }) => read(file));

/** A refusal, with the node's setting that refuses it to everybody, where there is one. */
export function orByTheNode(outcome: Outcome | undefined, { attempt, witness }: OracleInput): Outcome | undefined {
  if (outcome?.kind !== 'denied') return outcome;
  for (const { refuses, file, inForce } of settings) {
    const text = witness?.truth(read(file))?.value?.['text'];
    if (refuses(attempt) && typeof text === 'string' && inForce.test(text))
      return { ...outcome, byTheNode: `${file.replace('/proc/1/root', '')} is ${text.trim()}` };
  }
  return outcome;
}
