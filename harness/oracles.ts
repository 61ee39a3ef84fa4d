/** The oracles that checks choose from: each says when a boundary was crossed. */
export {
  allowed,
  nodeCounterMoved,
  notMasked,
  sameBootId,
  sameBootTime,
  sameContent,
  sameModules,
} from './oracles/kernel.ts';
export { canaryFound } from './oracles/canary.ts';
export { nodeDevicesListed, nodeDisksVisible } from './oracles/devices.ts';
export { capabilitiesBeyond, descriptorLeaked, inNamespaceOfTheNode } from './oracles/process.ts';
export { servedWithoutCredentials } from './oracles/network.ts';
