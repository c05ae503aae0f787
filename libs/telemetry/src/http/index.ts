export { RouteProblemFilter } from './route-problem.filter.js';
export { PROBLEM_TYPE, routeProblem } from './problem.js';
export type { Problem } from './problem.js';
