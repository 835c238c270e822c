// The model as a service:
//
//   POST /predict {"temperature": 71.5, "vibration": 3.2}  ->  {"id": 17, "failing": false, "score": 0.31, "model": 1}
//   POST /label   {"id": 17, "failing": true}               what turned out to be true, known for some of the machines
//   POST /retrain                                           a new model, trained on the newest labels
//   GET  /metrics

import { createServer } from 'node:http';
import { Classifier } from './classifier.mjs';
import { Histogram, Series, page } from './metrics.mjs';

/** A model is trained anew on so many labels. */
const NEWEST_LABELS = 150;
const LEAST_LABELS = 50;
/** So many predictions wait for their label. */
const REMEMBERED = 5000;

export class ModelService {
  predictions = new Series('model_predictions_total', 'counter', 'Predictions, by what was predicted.');
  labelled = new Series('model_labelled_total', 'counter', 'Predictions whose truth is known by now, by whether they were right.');
  inputs = new Series('model_inputs_total', 'counter', 'Inputs, by the tenth of the training data that they fall into.');
  training = new Series('model_training_share', 'gauge', 'The share of the training data in each of its tenths.');
  info = new Series('model_info', 'gauge', 'Which model is in use.');
  confidence = new Histogram('model_confidence', 'How probable the model holds what it says.', [0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1]);
  latency = new Histogram(
    'model_latency_seconds',
    'From a request to its answer.',
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1],
  );
  waiting = new Map();
  labels = [];
  lastId = 0;

  constructor(readings) {
    // From 0 on, so that the first one counts as an increase.
    ['well', 'failing'].forEach((predicted) => this.predictions.set({ predicted }, 0));
    ['right', 'wrong'].forEach((outcome) => this.labelled.set({ outcome }, 0));
    this.use(new Classifier(1, readings));
  }

  use(model) {
    this.model = model;
    // Bins of another model are other bins: its series carry its version, and those of the last one end.
    [this.inputs, this.training, this.info].forEach((each) => each.clear());
    this.info.set({ model: model.version }, 1);
    for (const [feature, shares] of Object.entries(model.trainingShare)) {
      shares.forEach((share, bin) => {
        this.training.set({ model: model.version, feature, bin }, share);
        this.inputs.set({ model: model.version, feature, bin }, 0);
      });
    }
  }

  predict(inputs) {
    const score = this.model.score(inputs);
    if (!Number.isFinite(score)) throw new TypeError('temperature and vibration must be numbers');
    const failing = score >= 0.5;
    const id = ++this.lastId;
    this.waiting.set(id, { inputs, failing });
    this.waiting.delete(id - REMEMBERED);
    this.predictions.add({ predicted: failing ? 'failing' : 'well' });
    this.confidence.observe(Math.max(score, 1 - score));
    for (const [feature, value] of Object.entries(inputs)) {
      this.inputs.add({ model: this.model.version, feature, bin: this.model.bin(feature, value) });
    }
    return { id, failing, score, model: this.model.version };
  }

  label({ id, failing }) {
    const prediction = this.waiting.get(id);
    if (prediction === undefined) throw new TypeError(`no prediction ${id} waits for its label`);
    this.waiting.delete(id);
    this.labelled.add({ outcome: prediction.failing === failing ? 'right' : 'wrong' });
    this.labels.push({ inputs: prediction.inputs, failing });
    this.labels = this.labels.slice(-NEWEST_LABELS);
    return {};
  }

  retrain() {
    if (this.labels.length < LEAST_LABELS) throw new TypeError(`only ${this.labels.length} labels are known, at least ${LEAST_LABELS} are needed`);
    this.use(new Classifier(this.model.version + 1, this.labels));
    return { model: this.model.version, labels: this.labels.length };
  }

  metrics() {
    return page([this.predictions, this.labelled, this.inputs, this.training, this.info, this.confidence, this.latency]);
  }

  /** @param more further calls by POST, by their path */
  listen(port, more) {
    const calls = {
      '/predict': (body) => this.predict(JSON.parse(body)),
      '/label': (body) => this.label(JSON.parse(body)),
      '/retrain': () => this.retrain(),
      ...more,
    };
    return createServer(async (request, response) => {
      const start = performance.now();
      let body = '';
      for await (const chunk of request) body += chunk;
      if (request.method === 'GET' && request.url === '/metrics') {
        response.setHeader('Content-Type', 'text/plain; version=0.0.4').end(this.metrics());
        return;
      }
      const call = request.method === 'POST' ? calls[request.url] : undefined;
      if (call === undefined) {
        response.writeHead(404).end(`no ${request.method} ${request.url}\n`);
        return;
      }
      try {
        response.setHeader('Content-Type', 'application/json').end(JSON.stringify(call(body)) + '\n');
      } catch (error) {
        response.writeHead(400, { 'Content-Type': 'text/plain' }).end(`${error.message}\n`);
      }
      if (request.url === '/predict') this.latency.observe((performance.now() - start) / 1000);
    }).listen(port, '127.0.0.1');
  }
}
