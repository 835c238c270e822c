// Logistic regression, and what its training data looked like, for comparing later inputs with it.

const FEATURES = ['temperature', 'vibration'];
const BINS = 10;
const ITERATIONS = 400;
const RATE = 0.5;

const sigmoid = (x) => 1 / (1 + Math.exp(-x));

export class Classifier {
  /** Trains on readings as Machines gives them. */
  constructor(version, readings) {
    this.version = version;
    this.scale = {};
    this.edges = {};
    this.trainingShare = {};
    for (const feature of FEATURES) {
      const values = readings.map((each) => each.inputs[feature]).sort((a, b) => a - b);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
      this.scale[feature] = { mean, deviation: Math.sqrt(variance) };
      // Deciles: each bin holds a tenth of the training data, or nearly so.
      this.edges[feature] = Array.from({ length: BINS - 1 }, (_, i) => values[Math.floor(((i + 1) * values.length) / BINS)]);
      this.trainingShare[feature] = new Array(BINS).fill(0);
      for (const value of values) this.trainingShare[feature][this.bin(feature, value)] += 1 / values.length;
    }
    this.weights = this.descend(readings);
  }

  descend(readings) {
    const rows = readings.map((each) => this.row(each.inputs));
    const weights = new Array(FEATURES.length + 1).fill(0);
    for (let round = 0; round < ITERATIONS; round++) {
      const gradient = new Array(weights.length).fill(0);
      rows.forEach((row, i) => {
        const error = sigmoid(dot(weights, row)) - (readings[i].failing ? 1 : 0);
        row.forEach((value, j) => (gradient[j] += (error * value) / rows.length));
      });
      gradient.forEach((slope, j) => (weights[j] -= RATE * slope));
    }
    return weights;
  }

  row(inputs) {
    return [1, ...FEATURES.map((feature) => (inputs[feature] - this.scale[feature].mean) / this.scale[feature].deviation)];
  }

  /** Which tenth of the training data the value falls into. */
  bin(feature, value) {
    const above = this.edges[feature].findIndex((edge) => value < edge);
    return above < 0 ? BINS - 1 : above;
  }

  /** How probable it is that the machine is failing. */
  score(inputs) {
    return sigmoid(dot(this.weights, this.row(inputs)));
  }
}

function dot(a, b) {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}
