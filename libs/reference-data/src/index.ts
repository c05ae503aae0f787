export { isPseudoPostcode, normalPostcode } from './postcode-form.js';
