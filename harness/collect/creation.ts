import type { ApiFailure } from '../targets/errors.ts';

/** `created`: it is there all the same. `later`: the same request may succeed soon. `refused`: it will not. */
export type Creation = 'created' | 'later' | 'refused';

/**
 * What a failure to create a pod means. The default service account of a namespace may be seconds away after it
 * (plugin/pkg/admission/serviceaccount). A server that is too busy ends a request after half a minute, whether the object was
 * written or not: `timedOut` says that this happened to an earlier request for the same pod, whose name nobody else has.
 */
export function creationOf({ status, reason, message }: ApiFailure, timedOut: boolean): Creation {
  if (status === 409 && reason === 'AlreadyExists' && timedOut) return 'created';
  if (isTimeout(reason)) return 'later';
  const noAccountYet = /serviceaccount "?default"? not found|error looking up service account/.test(message);
  return status === 403 && noAccountYet ? 'later' : 'refused';
}

/** The server itself gave up (apimachinery, StatusReasonTimeout and StatusReasonServerTimeout). */
export const isTimeout = (reason: string): boolean => reason === 'Timeout' || reason === 'ServerTimeout';
