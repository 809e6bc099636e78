import type { components } from "./business.js";

type Schemas = components["schemas"];

/** What a sheet of each sort holds. */
export interface Contents {
  registration: Schemas["RegistrationContent"];
  change: Schemas["ChangeContent"];
  deregistration: Schemas["DeregistrationContent"];
  mofcom_change: Schemas["MofcomChangeContent"];
  annual_report: Schemas["AnnualReportContent"];
}
/** 注册登记申请, 注册信息变更申请, 注销申请, 商务部变更申请. */
export type Kind = Exclude<keyof Contents, "annual_report">;

const somebody = {
  name: "张演练", id_type: "居民身份证", id_number: "110101189001010016",
  phone: "0755-83160000", mobile: "13800000001", email: "p1@example.com",
} as const;

const SAMPLES: Contents = {
  registration: {
    filing_scope: ["customs", "inspection"],
    uscc: "91440399MAMK00013C", name_cn: "深圳市云帆演练国际贸易有限公司", name_en: "SHENZHEN YUNFAN TRAINING TRADE CO., LTD.",
    address_cn: "广东省深圳市福田区福中三路1006号", address_en: "1006 Fuzhong 3rd Road, Futian, Shenzhen", postcode: "518048",
    category: "10000000", express_operator: false,
    province: "440000", city: "440300", district: "440304", customs_office: "5355", economic_zone: "01", special_trade_zone: "44039999",
    economic_type: "150", organization_type: "企业", industry: "5199", cross_border_types: [],
    registered_capital: "500.00", capital_currency: "CNY", business_scope: "货物进出口", established_on: "2020-06-18",
    legal_representative: somebody, finance_manager: somebody, customs_manager: somebody,
    investors: [{ name: "张演练", country: "CHN", method: "货币", amount: "500.00", currency: "CNY" }],
    declarants: [],
  },
  change: { address_cn: "广东省深圳市福田区福中三路1008号" },
  deregistration: { reason: "停止经营" },
  mofcom_change: { address_cn: "广东省深圳市福田区福中三路1008号" },
  annual_report: {
    contact_name: "张演练", contact_phone: "0755-83160000", traded: true, import_amount: "500.00", export_amount: "500.00",
    declaration_count: "120", processing_trade: false, cross_border_types: [],
  },
};

/** A sheet that declares cleanly, with changes laid over it as a merge patch: objects member by member, null takes away. */
export function sample<K extends keyof Contents>(kind: K, changes: Contents[K] = {}): Contents[K] {
  return merged(structuredClone(SAMPLES[kind]), changes) as Contents[K];
}

type Members = Record<string, unknown>;

function merged(whole: object, changes: object): object {
  const made: Members = { ...whole };
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) delete made[name];
    else made[name] = isObject(value) ? merged(isObject(made[name]) ? made[name] : {}, value) : value;
  }
  return made;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
