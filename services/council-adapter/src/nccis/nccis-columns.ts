export const REFERENCE = 'NCCIS_PupilMatchingRefAnonymous';
export const YEAR = 'NCCIS_AcadYr';
export const MONTH = 'NCCIS_MonthNo';
export const ACTIVITY = 'NCCIS_Current_Activity_Code';
export const STARTED = 'NCCIS_Current_Activity_Start_Date';
export const VERIFIED = 'NCCIS_Current_Activity_Verification_Date';

/** Columns of the extract, as the National Pupil Database names them; the return's own element names are not public. */
export const EXTRACT_COLUMNS = [REFERENCE, YEAR, MONTH, ACTIVITY, STARTED, VERIFIED] as const;
