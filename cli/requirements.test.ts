import { describe, expect, it } from 'vitest';
import { loadCatalogue } from '../harness/catalogue.ts';
import { UsageError } from '../harness/usage.ts';
import { explainRequirement, listRequirements, selectRequirements } from './requirements.ts';

const checks = await loadCatalogue();
const references = (id?: string) => selectRequirements(id).map((one) => one.reference);

describe('selecting', () => {
  it.each([
    ['nist-800-53@5.1.1#SC-39', ['nist-800-53@5.1.1#SC-39']],
    ['SC-39', ['nist-800-53@5.1.1#SC-39']],
    ['T1611', ['mitre-attack@18.1#T1611']],
    ['5.2.6', ['cis-kubernetes@1.12#5.2.6']],
    ['5.4', ['cis-docker@1.6.0#5.4']],
  ])('%s', (id, expected) => {
    expect(references(id)).toEqual(expected);
  });

  it.each(['gdpr', 'gdpr@2016-679'])('the whole framework %s', (id) => {
    expect(references(id)).toHaveLength(4);
  });

  it('refuses what there is not, with what is near', () => {
    expect(() => references('sc-3')).toThrow(UsageError);
    expect(() => references('sc-3')).toThrow(
      'there is no requirement or framework sc-3; perhaps nist-800-53@5.1.1#SC-3, nist-800-53@5.1.1#SC-39',
    );
    // Another version is another requirement.
    expect(() => references('nist-800-53@4#SC-39')).toThrow(UsageError);
    expect(() => references('')).toThrow(UsageError);
  });
});

it('lists which checks support a requirement, and which requirements nothing tests', () => {
  const list = listRequirements(selectRequirements('gdpr'), checks);
  expect(list).toContain('It is tested regularly whether the measures work.');
  expect(list).toContain('nothing: No data is examined');
  expect(list).toContain('4 requirements: 2 supported (never fulfilled) by held verdicts, 2 by nothing.');
});

it('explains one requirement with the claims of its checks', () => {
  const [tested] = selectRequirements('4.2.4');
  const text = explainRequirement(tested!, checks);
  expect(text).toContain('Support: direct');
  expect(text).toContain(
    "A tenant's pod gets nothing from the node's kubelet, container engine, etcd and API server without credentials.",
  );
  const [untested] = selectRequirements('SI-2');
  expect(explainRequirement(untested!, checks)).toContain('Tested by nothing. No version is compared with a list.');
});
