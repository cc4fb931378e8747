/**
 * What columns are called, by their meaning: lower case, without blanks and punctuation. Where several names of one
 * meaning are in a source, the earlier one here is asked first. Sources: Get-ADComputer and csvde (attributes of the
 * Active Directory schema), Get-CMDevice and v_R_System of Configuration Manager, exports of Intune and Entra ID,
 * `SoftwareLicensingProduct`, Get-VamtProduct (of which only FullyQualifiedDomainName, Sku, ApplicationId,
 * ProductKeyType, ProductKeyId, LicenseStatus and LastErrorCode are documented), and words of spreadsheets and CMDBs.
 */
export const COLUMN_NAMES = {
  full_name: names(
    'dnshostname fullyqualifieddomainname fqdn dnsname hostfqdn fullcomputername fullname0 fulldnsname computerfqdn',
  ),
  name: names(
    'computername devicename machinename hostname name cn netbiosname netbiosname0 name0 computer machine host device',
    'workstation server servername systemname csname resourcenames0 assetname ciname samaccountname displayname',
    'rechnername rechner gerätename gerät computernamen nomdelordinateur ordinateur nom nombredeequipo equipo nombre',
    'nomecomputer dispositivo computernaam pscomputername',
  ),
  domain: names(
    'dnsdomain dnsdomainname addomain domain domainname primarydnssuffix dnssuffix resourcedomainorworkgr0 fulldomainname0 domäne',
    'domaine dominio domein',
  ),
  system: names(
    'operatingsystem deviceos os osname operatingsystemname operatingsystemnameandversion operatingsystemnameandversion0',
    'operatingsystemnameand0 osplatform platform deviceostype ostype caption betriebssystem systèmedexploitation',
    'sistemaoperativo besturingssysteem',
  ),
  system_version: names('operatingsystemversion osversion deviceosversion osbuild deviceosbuild osbuildnumber'),
  seen: names(
    'lastlogondate lastlogontimestamp lastlogon lastlogontime lastactivetime adlastlogontime adlastlogontimestamp',
    'lastcheckin lastcheckintime lastsyncdatetime lastsync lastsynctime lastseen lastseentime lastseenonline lastcontact',
    'lastcontacttime lastcontacted approximatelastsignindatetime approximatelastlogontimestamp approximatelastsignin',
    'lastonline lastonlinetime lastheartbeat lastcommunication lastcommunicationtime lastactive lastactivity lastactivitydate',
    'lastpolicyrequest lastpolicyrequesttime lastdiscovered mostrecentdiscovery lastdiscovery lastinventory lastreported',
    'lastreporttime lastlogin lastseendate lastsignin lastddr letzteanmeldung zuletztgesehen zuletztonline letzterkontakt',
    'dernièreconnexion dernièreouverturedesession dernièreactivité últimoiniciodesesión últimaconexión ultimoaccesso',
    'laatstgezien laatsteaanmelding lastlogontimestamp0 lastscan lastscantime lastsuccessfulscan lastdeviceupdate',
  ),
  enabled: names('enabled isenabled accountenabled aktiviert activé habilitado ingeschakeld'),
  disabled: names(
    'disabled isdisabled accountdisabled isobsolete obsolete obsolete0 isdecommissioned decommissioned decommissioned0',
    'retired isretired deleted isdeleted deaktiviert désactivé',
  ),
  status: names(
    'status state assetstatus assetstate lifecyclestatus lifecyclestate lifecycle lifecyclestage installstatus',
    'operationalstatus devicestate devicestatus computerstatus deploymentstatus estado état zustand statut',
  ),
  account_flags: names('useraccountcontrol'),
  account_type: names('samaccounttype'),
  object_class: names('objectclass'),
  service_names: names('serviceprincipalname serviceprincipalnames'),
  description: names('description'),
  activation_id: names('activationid sku skuid id'),
  licence_status: names('licensestatus licencestatus'),
  minutes_left: names(
    'graceperiodremaining remaininggraceperiod graceperiodminutes minutesleft minutes minutesremaining remainingminutes',
  ),
  activation_type: names('vlactivationtype activationtype activatedby'),
  key_channel: names('productkeychannel productkeytype keychannel keytype'),
  configured_host: names('keymanagementservicemachine kmsmachine kmshost kmsserver hostused'),
  discovered_host: names('discoveredkeymanagementservicemachinename discoveredkmsmachine discoveredkmshost'),
  activation_object: names('adactivationobjectname'),
  partial_key: names('partialproductkey'),
  product: names('productname'),
  collected: names('collected collectedat readat timestamp timecollected licensestatuslastupdated lastupdated date'),
} as const satisfies Record<string, readonly string[]>;

export type Role = keyof typeof COLUMN_NAMES;

/** The form in which names of columns are compared. */
export function columnKey(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\((?:(?:utc|gmt)\s*(?:[+-]?[\d:]+)?|local(?: time)?|fqdn|dns)\)|_0$|[^\p{L}\p{N}]/gu, '');
}

function names(...lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => line.split(' '));
}
