import type { Variant } from '../fixtures/variants/variant.ts';

/** What one cluster is restored for, and one run looks at. */
export interface Stage {
  /** Unique, and the name of the run's directory. */
  name: string;
  variants: readonly Variant[];
}

/**
 * Handlers do not meet, so one cluster has all that stand beside the usual ones; every other variant has a cluster to
 * itself.
 */
export function stagesOf(variants: readonly Variant[]): Stage[] {
  const beside = variants.filter((variant) => variant.beside);
  const alone = variants.filter((variant) => !variant.beside);
  return [
    ...(beside.length ? [{ name: 'side-by-side', variants: beside }] : []),
    ...alone.map((variant) => ({ name: variant.id.replace('/', '-'), variants: [variant] })),
  ];
}
