export type { Details } from './details.ts';
export { formats } from './formats.ts';
export type { Format } from './formats.ts';
export { parseRequest, placeReports, refusePlaces, requestOf } from './place.ts';
export type { PlacedReport, ReportRequest } from './place.ts';
export { detailsAtHand, writeReports } from './write.ts';
