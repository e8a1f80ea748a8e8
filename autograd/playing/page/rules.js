/* The update rules of nn, translated from nn/update_rules.py: a test holds the two together. */
const RULES = (() => {
function sgd(parameter, gradient, step, learning_rate) {
  return [parameter - learning_rate * gradient];
}
function momentum(parameter, gradient, velocity, step, learning_rate, beta = 0.9) {
  velocity = beta * velocity + (1.0 - beta) * gradient;
  return [parameter - learning_rate * velocity, velocity];
}
function rmsprop(parameter, gradient, mean_square, step, learning_rate = 0.001, beta = 0.9, epsilon = 1e-08) {
  mean_square = beta * mean_square + (1.0 - beta) * gradient * gradient;
  return [parameter - python.divide(learning_rate * gradient, python.sqrt(mean_square + epsilon)), mean_square];
}
function adam(parameter, gradient, velocity, mean_square, step, learning_rate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-08) {
  let unbiased_velocity, unbiased_mean_square, direction;
  velocity = beta1 * velocity + (1.0 - beta1) * gradient;
  mean_square = beta2 * mean_square + (1.0 - beta2) * gradient * gradient;
  unbiased_velocity = python.divide(velocity, 1.0 - python.pow(beta1, step));
  unbiased_mean_square = python.divide(mean_square, 1.0 - python.pow(beta2, step));
  direction = python.divide(unbiased_velocity, python.sqrt(unbiased_mean_square + epsilon));
  return [parameter - learning_rate * direction, velocity, mean_square];
}
return [
  { name: "sgd", update: sgd, states: 0, settings: [] },
  { name: "momentum", update: momentum, states: 1, settings: [0.9] },
  { name: "rmsprop", update: rmsprop, states: 1, settings: [0.9, 1e-08] },
  { name: "adam", update: adam, states: 2, settings: [0.9, 0.999, 1e-08] },
];
})();
