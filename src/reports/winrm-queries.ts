/**
 * What a host is asked over WMI. Columns are named, since `SELECT *` would have the licensing service work out hundreds of
 * values; they are those that Windows 7 and Server 2008 R2 have too (Microsoft, SoftwareLicensingProduct class).
 */
export const SERVICE_WQL =
  'SELECT Version,KeyManagementServiceListeningPort,KeyManagementServiceDnsPublishing,' +
  'KeyManagementServiceLowPriority,VLActivationInterval,VLRenewalInterval FROM SoftwareLicensingService';

/** Without the condition there would be a row for each product that Windows could have a key for. */
export const PRODUCT_WQL =
  'SELECT ID,ApplicationID,Description,PartialProductKey,LicenseStatus,IsKeyManagementServiceMachine,' +
  'KeyManagementServiceCurrentCount,RequiredClientCount,KeyManagementServiceTotalRequests,' +
  'KeyManagementServiceFailedRequests,KeyManagementServiceUnlicensedRequests,KeyManagementServiceLicensedRequests,' +
  'KeyManagementServiceOOBGraceRequests,KeyManagementServiceOOTGraceRequests,' +
  'KeyManagementServiceNonGenuineGraceRequests,KeyManagementServiceNotificationRequests ' +
  'FROM SoftwareLicensingProduct WHERE PartialProductKey IS NOT NULL';

export const SYSTEM_WQL = 'SELECT Caption,LocalDateTime FROM Win32_OperatingSystem';
