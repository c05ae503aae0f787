/**
 * An organisation's code as the Organisation Data Service gives them. It goes into events as it stands, so what has the shape
 * of an NHS number or a National Insurance number is none: somebody put a person where the organisation belongs.
 */
export const ODS_CODE = /^(?!\d{10}$)(?![A-Za-z]{2}\d{6}[A-Da-d]$)[A-Za-z0-9]{3,10}$/;

export const ODS_CODE_EXPECTED = 'an ODS code: 3 to 10 letters and digits';
