// The world the model lives in: machines that are well or about to fail, seen through a thermometer and a vibration sensor. Synthetic, and the same
// at each run for the same seed. Half way the sensors are replaced by ones that read differently: the machines are as before, the inputs are not.

/** Numbers in [0, 1) that follow from the seed (mulberry32). */
function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export class Machines {
  static FAILING = 0.4;

  constructor(seed) {
    this.random = random(seed);
    this.newSensors = false;
  }

  normal(mean, deviation) {
    const radius = Math.sqrt(-2 * Math.log(1 - this.random()));
    return mean + deviation * radius * Math.cos(2 * Math.PI * this.random());
  }

  /** One reading, with what is true of the machine. */
  reading() {
    const failing = this.random() < Machines.FAILING;
    const temperature = failing ? this.normal(78, 5) : this.normal(62, 5); // °C
    const vibration = failing ? this.normal(5, 1) : this.normal(2.5, 0.8); // mm/s
    return {
      inputs: this.newSensors ? { temperature: temperature + 14, vibration: vibration + 1.5 } : { temperature, vibration },
      failing,
    };
  }

  readings(count) {
    return Array.from({ length: count }, () => this.reading());
  }
}
