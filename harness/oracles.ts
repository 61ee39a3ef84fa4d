/** The oracles that checks choose from: each says when a boundary was crossed. */
export {
  allowed,
  allowedAnywhere,
  allowedBeyondTheReference,
  nodeCounterMoved,
  nodeSocketSeen,
  sameBootId,
  sameBootTime,
  sameContent,
  sameModules,
} from './oracles/kernel.ts';
export { notConfined } from './oracles/apparmor.ts';
export { canaryFound } from './oracles/canary.ts';
export { devicesBeyondTheStandard, nodeDisksVisible, nodeVolumesReadable } from './oracles/devices.ts';
export { aheadOfOthers, limitsBeyond, sparedByTheKernel } from './oracles/limits.ts';
export { foreseeableMemory } from './oracles/personality.ts';
export { notMasked } from './oracles/masks.ts';
export { fileSystemOfTheNode, mountsBeyondTheSpecification, mountsPropagate, rootWritable } from './oracles/mounts.ts';
export { fileOfAnother, fileOutsideTheImage, volumeOfAnother } from './oracles/pod-files.ts';
export { callsNotFiltered, privilegesCanBeGained, runsAsAnotherThan } from './oracles/privileges.ts';
export { capabilitiesBeyond, descriptorLeaked, inNamespaceOfTheNode, othersVisible } from './oracles/process.ts';
export { variablesOfOthers } from './oracles/environment.ts';
export { addressOfNobody, interfaceOfOthers } from './oracles/addresses.ts';
export { servedToAnyAccount, servedWithoutCredentials } from './oracles/network.ts';
export { asksOfServices } from './oracles/services.ts';
