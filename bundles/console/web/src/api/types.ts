/* The part of the HTTP API's JSON that the console reads. Times are Unix seconds unless they are RFC 3339 strings. */

export type Labels = Record<string, string>;

/** Time and value; the value is a string since JSON knows neither NaN nor infinity. */
export type Sample = [time: number, value: string];

/** Boundary rule (0 open left, 1 open right, 2 open, 3 closed), lower bound, upper bound, count. */
export type Bucket = [boundary: number, lower: string, upper: string, count: string];

export interface Histogram {
  count: string;
  sum: string;
  buckets?: Bucket[];
}

export interface VectorSeries {
  metric: Labels;
  value?: Sample;
  histogram?: [time: number, histogram: Histogram];
}

export interface MatrixSeries {
  metric: Labels;
  values?: Sample[];
  histograms?: [time: number, histogram: Histogram][];
}

export type QueryData =
  | { resultType: 'vector'; result: VectorSeries[] }
  | { resultType: 'matrix'; result: MatrixSeries[] }
  | { resultType: 'scalar'; result: Sample }
  | { resultType: 'string'; result: Sample };

export type TargetHealth = 'up' | 'down' | 'unknown';

export interface Target {
  discoveredLabels: Labels;
  labels: Labels;
  scrapePool: string;
  scrapeUrl: string;
  globalUrl: string;
  lastError: string;
  lastScrape: string;
  /** Seconds. */
  lastScrapeDuration: number;
  health: TargetHealth;
  scrapeInterval: string;
  scrapeTimeout: string;
}

export interface TargetsData {
  activeTargets: Target[];
  droppedTargetCounts?: Record<string, number>;
}

export type AlertState = 'inactive' | 'pending' | 'firing' | 'unknown';

export interface Alert {
  labels: Labels;
  annotations: Labels;
  state: AlertState;
  activeAt?: string;
  keepFiringSince?: string;
  value: string;
}

interface RuleCommon {
  name: string;
  query: string;
  labels?: Labels;
  health: 'ok' | 'err' | 'unknown';
  lastError?: string;
  /** Seconds. */
  evaluationTime: number;
  lastEvaluation: string;
}

export interface AlertingRule extends RuleCommon {
  type: 'alerting';
  state: AlertState;
  /** The rule's `for`, in seconds. */
  duration: number;
  keepFiringFor?: number;
  annotations?: Labels;
  alerts: Alert[];
}

export interface RecordingRule extends RuleCommon {
  type: 'recording';
}

export type Rule = AlertingRule | RecordingRule;

export interface RuleGroup {
  name: string;
  file: string;
  /** Seconds. */
  interval: number;
  rules: Rule[];
  evaluationTime: number;
  lastEvaluation: string;
}

export interface RulesData {
  groups: RuleGroup[];
}

export interface BuildInfo {
  version: string;
  revision: string;
}
