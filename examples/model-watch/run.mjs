// node run.mjs [--port 8000] [--pager-port 8001] [--rate 100] [--label-share 0.3] [--drift-after 45] [--retrain-after 45] [--seed 1]
//
// Trains the model and serves it, sends it readings of machines, and after a while replaces the machines' sensors; later trains the model anew. Times
// are seconds, that of the retraining counts from the drift; 0 means: not by itself. POST /drift and POST /retrain do it at any time.

import { parseArgs } from 'node:util';
import { Machines } from './machines.mjs';
import { ModelService } from './service.mjs';
import { listen as listenForPages } from './pager.mjs';

const TRAINING_READINGS = 2000;

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '8000' },
    'pager-port': { type: 'string', default: '8001' },
    rate: { type: 'string', default: '100' },
    'label-share': { type: 'string', default: '0.3' },
    'drift-after': { type: 'string', default: '45' },
    'retrain-after': { type: 'string', default: '45' },
    seed: { type: 'string', default: '1' },
  },
});
const option = (name) => {
  const number = Number(values[name]);
  if (!(number >= 0)) {
    console.error(`--${name} must be a number that is not negative, not ${values[name]}`);
    process.exit(2);
  }
  return number;
};

const say = (text) => console.log(`${new Date().toTimeString().slice(0, 8)} ${text}`);
const machines = new Machines(option('seed'));
const service = new ModelService(machines.readings(TRAINING_READINGS));
const url = `http://127.0.0.1:${option('port')}`;

const post = async (path, body) => {
  const response = await fetch(url + path, { method: 'POST', body: JSON.stringify(body ?? {}) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
  return JSON.parse(text);
};

function later(path, seconds) {
  if (seconds > 0) setTimeout(() => post(path).catch((error) => say(error.message)), seconds * 1000);
}

async function askAboutOneMachine(labelShare) {
  const { inputs, failing } = machines.reading();
  const { id } = await post('/predict', inputs);
  // Only some machines are looked at by somebody who then says what was true.
  if (machines.random() < labelShare) await post('/label', { id, failing });
}

function drift() {
  machines.newSensors = true;
  say('the sensors are replaced: they read differently from now on');
  later('/retrain', option('retrain-after'));
  return {};
}

function retrain() {
  const answer = service.retrain();
  say(`model ${answer.model} is trained on the newest ${answer.labels} labels`);
  return answer;
}

listenForPages(option('pager-port'), say);
service.listen(option('port'), { '/drift': drift, '/retrain': retrain }).once('listening', () => {
  say(`model 1 is trained on ${TRAINING_READINGS} readings and served at ${url}`);
  setInterval(() => askAboutOneMachine(option('label-share')).catch((error) => say(error.message)), 1000 / option('rate'));
  later('/drift', option('drift-after'));
});
